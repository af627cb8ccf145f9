/** A drawn node's place: row 0 is at the top, columns are at least 1 apart, or what the left one of two takes. */
export interface Placed {
  readonly name: string;
  readonly row: number;
  readonly column: number;
}

/** An edge as the places that it passes, from top to bottom. */
export type Route = readonly Placed[];

const SWEEPS = 8;

/**
 * Places for the nodes of a graph without cycles: each below all that it depends on, and near what it is joined to.
 *
 * Rows are longest paths; an edge over several rows passes a place in each; within a row, places are ordered by the mean of
 * their neighbours', from above and from below in turn, and stand there as far as they leave each other room. Source: Sugiyama, Tagawa and Toda 1981.
 * @param room columns that a node takes from its place to the right, such as for its label; 1 unless told
 */
export function layered(
  names: readonly string[],
  edges: readonly (readonly [from: string, to: string])[],
  room: ReadonlyMap<string, number> = new Map(),
): { readonly nodes: readonly Placed[]; readonly routes: readonly Route[] } {
  const rowOf = longestPaths(names, edges);
  const rows: string[][] = [];
  const joined = new Map<string, string[]>();
  const put = (name: string, row: number): void => {
    (rows[row] ??= []).push(name);
    joined.set(name, []);
  };
  for (const name of names) put(name, rowOf.get(name) as number);
  const chains = edges.map(([from, to], e) => {
    const [first, last] = [rowOf.get(from) as number, rowOf.get(to) as number];
    const between = Array.from({ length: last - first - 1 }, (_, i) => ({
      name: `edge ${e} ${i}`,
      row: first + 1 + i,
    }));
    for (const { name, row } of between) put(name, row);
    return [from, ...between.map(({ name }) => name), to];
  });
  for (const chain of chains) {
    chain.slice(1).forEach((name, i) => {
      joined.get(chain[i])?.push(name);
      joined.get(name)?.push(chain[i]);
    });
  }
  const places = order(rows, joined, room);
  const placed = (name: string): Placed => places.get(name) as Placed;
  return { nodes: names.map(placed), routes: chains.map((chain) => chain.map(placed)) };
}

function longestPaths(
  names: readonly string[],
  edges: readonly (readonly [from: string, to: string])[],
): Map<string, number> {
  const rows = new Map(names.map((name) => [name, 0]));
  for (let changed = true, rounds = 0; changed && rounds <= names.length; rounds++) {
    changed = false;
    for (const [from, to] of edges) {
      const row = (rows.get(from) as number) + 1;
      if (row > (rows.get(to) as number)) {
        rows.set(to, row);
        changed = true;
      }
    }
  }
  return rows;
}

function order(
  rows: readonly string[][],
  joined: ReadonlyMap<string, readonly string[]>,
  room: ReadonlyMap<string, number>,
): Map<string, Placed> {
  const places = new Map<string, Placed>();
  rows.forEach((names, row) => names.forEach((name, i) => places.set(name, { name, row, column: i })));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    const turns = rows.map((_, i) => (down ? i : rows.length - 1 - i));
    for (const row of turns) {
      const aims = new Map(
        rows[row].map((name) => [
          name,
          aim(places, name, joined.get(name) ?? [], (other) => down === other < row),
        ]),
      );
      rows[row].sort((a, b) => (aims.get(a) as number) - (aims.get(b) as number));
      const columns = apart(
        rows[row].map((name) => aims.get(name) as number),
        rows[row].map((name) => Math.max(1, room.get(name) ?? 1)),
      );
      rows[row].forEach((name, i) => places.set(name, { name, row, column: columns[i] }));
    }
  }
  return places;
}

/** The mean place of a node's neighbours on one side, of all where that side has none, its own where it has no neighbours. */
function aim(
  places: ReadonlyMap<string, Placed>,
  name: string,
  neighbours: readonly string[],
  counts: (row: number) => boolean,
): number {
  const near = neighbours.map((other) => places.get(other) as Placed);
  const side = near.filter(({ row }) => counts(row));
  const used = [side, near, [places.get(name) as Placed]].find(({ length }) => length > 0) as Placed[];
  return used.reduce((sum, { column }) => sum + column, 0) / used.length;
}

/** Rising numbers moved as little as possible, all by one amount at the end, until each leaves the one before it room. */
function apart(aims: readonly number[], room: readonly number[]): number[] {
  const columns: number[] = [];
  aims.forEach((wanted, i) => {
    columns.push(i === 0 ? wanted : Math.max(wanted, columns[i - 1] + room[i - 1]));
  });
  const shift = columns.reduce((sum, column, i) => sum + aims[i] - column, 0) / columns.length;
  return columns.map((column) => column + shift);
}
