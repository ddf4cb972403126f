/** `true` for two types that are the very same. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- compared, never called
export type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
