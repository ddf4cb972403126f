/** Says why tests of a real server cannot run here; that is no failure. */
export class Skip extends Error {}
