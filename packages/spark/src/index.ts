export { EngineError } from './engine-error.js';
