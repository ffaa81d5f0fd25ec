/** Who calls whom: [caller, callee]. */
export type Call = readonly [string, string];

export interface MapNode {
  readonly name: string;
  readonly layer: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

export interface MapEdge {
  readonly from: string;
  readonly to: string;
  readonly path: string;
}

export interface MapLayout {
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  readonly width: number;
  readonly height: number;
}

export const NODE = { width: 136, height: 42, gapX: 46, gapY: 14 } as const;

/**
 * Lays services out from left (called by nobody) to right, each one layer beyond its farthest caller, ordered so that
 * neighbours stand near each other. Calls in a circle are cut where they come back. Same input, same picture.
 */
export function layoutMap(names: readonly string[], calls: readonly Call[]): MapLayout {
  const services = [...new Set(names)].sort();
  const known = new Set(services);
  const edges = calls.filter(([from, to]) => from !== to && known.has(from) && known.has(to));
  const layers = orderLayers(layerServices(services, edges), edges);
  const tallest = Math.max(1, ...layers.map((layer) => layer.length));
  const height = tallest * (NODE.height + NODE.gapY) - NODE.gapY;
  const nodes = layers.flatMap((layer, column) => {
    const own = layer.length * (NODE.height + NODE.gapY) - NODE.gapY;
    return layer.map((name, row) => ({
      name,
      layer: column,
      row,
      x: column * (NODE.width + NODE.gapX),
      y: (height - own) / 2 + row * (NODE.height + NODE.gapY),
    }));
  });
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return {
    nodes,
    edges: edges.flatMap(([from, to]) => {
      const start = byName.get(from);
      const end = byName.get(to);
      return start === undefined || end === undefined ? [] : [{ from, to, path: drawEdge(start, end) }];
    }),
    width: Math.max(1, layers.length) * (NODE.width + NODE.gapX) - NODE.gapX,
    height,
  };
}

/** Each service's layer: one more than its farthest caller's, callers on a circle not counted. */
function layerServices(services: readonly string[], edges: readonly Call[]): readonly string[][] {
  const callers = new Map<string, string[]>(services.map((name) => [name, []]));
  for (const [from, to] of edges) callers.get(to)?.push(from);
  const depth = new Map<string, number>();
  const visiting = new Set<string>();
  const visit = (name: string): number => {
    const done = depth.get(name);
    if (done !== undefined) return done;
    if (visiting.has(name)) return -1;
    visiting.add(name);
    const own = Math.max(-1, ...(callers.get(name) ?? []).map(visit)) + 1;
    visiting.delete(name);
    depth.set(name, own);
    return own;
  };
  const layers: string[][] = [];
  for (const name of services) {
    const layer = visit(name);
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(name);
  }
  return layers.filter((layer) => layer.length > 0);
}

/** Sorts each layer by the mean position of its neighbours, a few times forth and back. */
function orderLayers(layers: readonly (readonly string[])[], edges: readonly Call[]): readonly (readonly string[])[] {
  let ordered = layers.map((layer) => [...layer]);
  for (let sweep = 0; sweep < 6; sweep += 1) {
    const position = new Map(ordered.flatMap((layer) => layer.map((name, row) => [name, row / layer.length] as const)));
    const forth = sweep % 2 === 0;
    const mean = (name: string): number => {
      const near = edges.flatMap(([from, to]) => {
        const other = forth ? (to === name ? from : null) : from === name ? to : null;
        const place = other === null ? undefined : position.get(other);
        return place === undefined ? [] : [place];
      });
      return near.length === 0 ? (position.get(name) ?? 0) : near.reduce((sum, each) => sum + each, 0) / near.length;
    };
    ordered = ordered.map((layer) =>
      layer
        .map((name) => ({ name, at: mean(name) }))
        .sort((a, b) => a.at - b.at || a.name.localeCompare(b.name))
        .map(({ name }) => name),
    );
  }
  return ordered;
}

function drawEdge(start: MapNode, end: MapNode): string {
  const middle = NODE.height / 2;
  const [x1, y1] = [start.x + NODE.width, start.y + middle];
  const [x2, y2] = [end.x, end.y + middle];
  if (x2 > x1) {
    const bend = Math.min(NODE.gapX, (x2 - x1) / 2);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  // A call back to the left or within a layer leaves below and comes in from below.
  const low = Math.max(start.y, end.y) + NODE.height + NODE.gapY;
  return `M${start.x + NODE.width / 2} ${start.y + NODE.height}C${start.x + NODE.width / 2} ${low} ${end.x + NODE.width / 2} ${low} ${end.x + NODE.width / 2} ${end.y + NODE.height}`;
}

/** Services that matter to an incident and their direct neighbours, for maps too large to be drawn whole. */
export function narrowMap(
  names: readonly string[],
  calls: readonly Call[],
  matter: readonly string[],
): readonly string[] {
  const kept = new Set(matter);
  for (const [from, to] of calls) {
    if (matter.includes(from)) kept.add(to);
    if (matter.includes(to)) kept.add(from);
  }
  return names.filter((name) => kept.has(name));
}

/** Everyone who calls a service, directly or not. */
export function callersOf(service: string, calls: readonly Call[]): readonly string[] {
  const found = new Set<string>();
  const queue = [service];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const [from, to] of calls) {
      if (to !== name || found.has(from) || from === service) continue;
      found.add(from);
      queue.push(from);
    }
  }
  return [...found].sort();
}
