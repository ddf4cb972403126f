import { project } from '../../scripts/jest/project.mjs';

export default project(import.meta.dirname);
