import { loadedOnce } from '../loaded-once.js';

/** Importing forkfold must not cost the codec, which a run needs. */
export const codec = loadedOnce(() => import('../values/codec.js'));
