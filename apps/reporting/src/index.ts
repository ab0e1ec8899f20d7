export { reportingContext } from './reporting.context.js';
