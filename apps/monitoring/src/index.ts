export { monitoringContext } from './monitoring.context.js';
