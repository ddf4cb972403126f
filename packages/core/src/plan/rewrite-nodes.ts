import type { Node } from './node.js';

/** Gives what takes the place of a node, or undefined where only what it is made of may change; `rewrite` is for the latter. */
export type ChangeNode = (node: Node, rewrite: (node: Node) => Node) => Node | undefined;

/**
 * Rewrites descriptions, from their ends on. A node in which nothing changes stays the same, and one that is met twice, in one
 * description or in several, becomes one.
 */
export function nodeRewriter(change: ChangeNode): (node: Node) => Node {
  const known = new Map<Node, Node>();

  function rewrite(node: Node): Node {
    const made = known.get(node) ?? change(node, rewrite) ?? withInputs(node);
    known.set(node, made);
    return made;
  }

  function withInputs(node: Node): Node {
    switch (node.kind) {
      case 'source':
        return node;
      case 'narrow': {
        const input = rewrite(node.input);
        return input === node.input ? node : { ...node, input };
      }
      case 'union':
      case 'shuffle': {
        const inputs = node.inputs.map(rewrite);
        return inputs.every((input, i) => input === node.inputs[i]) ? node : { ...node, inputs };
      }
    }
  }

  return rewrite;
}
