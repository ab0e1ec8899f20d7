export * from './run/run-seed.js';
export * from './schedule/schedule.js';
