export default function noOp(value: number): number {
  return value;
}
