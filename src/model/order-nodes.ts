/** Brings nodes into an order in which each comes after its inputs. */
import type { Problem } from '../errors.ts';
import type { LayerNode } from './graph.ts';

export type Order = {
  /** In topological order, else as written; without those on a cycle or after one. */
  readonly nodes: readonly LayerNode[];
  readonly problems: readonly Problem[];
};

/** Orders the nodes; a cycle is a problem. */
export function orderNodes(nodes: readonly LayerNode[]): Order {
  const names = new Set(nodes.map(({ name }) => name));
  const done = new Set<string>();
  const ordered: LayerNode[] = [];
  let waiting = nodes;
  for (let before = -1; before !== ordered.length; ) {
    before = ordered.length;
    for (const node of waiting) {
      const isReady = node.inputs.every((name) => !names.has(name) || done.has(name));
      if (!isReady) continue;
      done.add(node.name);
      ordered.push(node);
    }
    waiting = waiting.filter(({ name }) => !done.has(name));
  }
  return { nodes: ordered, problems: cycle(waiting) };
}

/** One cycle among nodes that wait for each other. */
function cycle(waiting: readonly LayerNode[]): Problem[] {
  const byName = new Map(waiting.map((node) => [node.name, node]));
  const trail: LayerNode[] = [];
  let node = waiting[0];
  while (node !== undefined && !trail.includes(node)) {
    trail.push(node);
    node = node.inputs.map((name) => byName.get(name)).find((input) => input !== undefined);
  }
  if (node === undefined) return [];
  const round = trail.slice(trail.indexOf(node)).map(({ name }) => name);
  const chain = [...round, node.name].reverse().join(' → ');
  return [problem(node, `the layers wait for each other in a circle: ${chain}`)];
}

/** Nodes whose output nothing takes, the model's own output left aside. */
export function unusedNodes(nodes: readonly LayerNode[], output: string): Problem[] {
  const taken = new Set(nodes.flatMap(({ inputs }) => inputs));
  return nodes
    .filter(({ name }) => name !== output && !taken.has(name))
    .map((node) =>
      problem(
        node,
        `nothing takes the output of "${node.name}"`,
        'name it in the `inputs` of an entry, or leave it out',
      ),
    );
}

const problem = (node: LayerNode, message: string, hint?: string): Problem => ({
  path: node.origin?.path ?? ['model'],
  message,
  hint,
  related: node.origin?.usedAt.map((path) => ({ path, message: 'the block is used here' })),
});
