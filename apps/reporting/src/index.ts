export { ReportingSettings } from './config.js';
export { reportingContext } from './reporting.context.js';
