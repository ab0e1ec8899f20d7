export * from './fail-points.js';
export * from './plan.js';
