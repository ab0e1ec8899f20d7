export { planningContext } from './planning.context.js';
