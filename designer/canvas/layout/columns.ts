import type { Chart } from "./chart";

/**
 * Columns by Brandes and Köpf, "Fast and Simple Horizontal Coordinate Assignment" (Graph Drawing 2001): every place joins the
 * column of its middle neighbour above (or below), columns are pushed together from the left (or the right), and the four
 * drawings are put into one by the middle of each place's four columns. Trunks are straight before anything else is. Near linear.
 * Gives the middle of each place, in pixels.
 */
export function columnsOf(chart: Chart): Float64Array {
  const barred = barredLines(chart);
  const drawings = [false, true].flatMap((upwards) =>
    [false, true].map((fromRight) => oneSided(chart, barred, { upwards, fromRight })),
  );
  return balanced(aligned(drawings, chart.rooms));
}

function pairKey(chart: Chart, upper: number, lower: number): number {
  return upper * chart.ranks.length + lower;
}

function positionsIn(rows: Chart["rows"], count: number): Uint32Array {
  const positions = new Uint32Array(count);
  for (const row of rows) {
    row.forEach((place, index) => {
      positions[place] = index;
    });
  }
  return positions;
}

/** Lines that cross a trunk may not pull their places into one column: the trunk would have to bend around it. */
function barredLines(chart: Chart): ReadonlySet<number> {
  const { rows, ups, isTrunk, ranks } = chart;
  const positions = positionsIn(rows, ranks.length);
  const barred = new Set<number>();
  for (let rank = 1; rank < rows.length; rank += 1) {
    const row = rows[rank] ?? [];
    let from = 0;
    let left = 0;
    row.forEach((place, index) => {
      const above = isTrunk[place] ? ups[place]?.find((one) => isTrunk[one]) : undefined;
      if (above === undefined && index < row.length - 1) return;
      const right = above === undefined ? (rows[rank - 1]?.length ?? 0) : (positions[above] ?? 0);
      for (const lower of row.slice(from, index + 1)) {
        for (const upper of ups[lower] ?? []) {
          const at = positions[upper] ?? 0;
          const both = isTrunk[upper] && isTrunk[lower];
          if (!both && (at < left || at > right)) barred.add(pairKey(chart, upper, lower));
        }
      }
      from = index + 1;
      left = right;
    });
  }
  return barred;
}

type Side = { readonly upwards: boolean; readonly fromRight: boolean };

/** One of the four drawings; those from the right are drawn mirrored and turned back. */
function oneSided(chart: Chart, barred: ReadonlySet<number>, { upwards, fromRight }: Side): Float64Array {
  const turned = fromRight ? chart.rows.map((row) => row.toReversed()) : chart.rows;
  const positions = positionsIn(turned, chart.ranks.length);
  const roots = rootsOf(chart, barred, { rows: upwards ? turned.toReversed() : turned, positions, upwards });
  const columns = packed(chart, turned, roots);
  return fromRight ? columns.map((x) => -x) : columns;
}

type Walk = { readonly rows: Chart["rows"]; readonly positions: Uint32Array; readonly upwards: boolean };

/** The topmost (or lowest) place of the column each place belongs to. */
function rootsOf(chart: Chart, barred: ReadonlySet<number>, { rows, positions, upwards }: Walk): Uint32Array {
  const count = chart.ranks.length;
  const roots = Uint32Array.from({ length: count }, (_, place) => place);
  const at = (place: number): number => positions[place] ?? 0;
  for (const row of rows) {
    let last = -1;
    for (const place of row) {
      const near = (upwards ? chart.downs[place] : chart.ups[place])?.toSorted((a, b) => at(a) - at(b)) ?? [];
      const middle = (near.length - 1) / 2;
      for (const choice of near.slice(Math.floor(middle), Math.ceil(middle) + 1)) {
        const key = upwards ? pairKey(chart, place, choice) : pairKey(chart, choice, place);
        if (at(choice) <= last || barred.has(key)) continue;
        roots[place] = roots[choice] ?? choice;
        last = at(choice);
        break;
      }
    }
  }
  return roots;
}

/** Columns as far left as their rooms allow, then each pulled right as far as its neighbours allow. */
function packed(chart: Chart, rows: Chart["rows"], roots: Uint32Array): Float64Array {
  const { rooms } = chart;
  const count = roots.length;
  const after: [column: number, apart: number][][] = Array.from({ length: count }, () => []);
  const waitsFor = new Uint32Array(count);
  for (const row of rows) {
    for (let index = 1; index < row.length; index += 1) {
      const [left = 0, right = 0] = [row[index - 1], row[index]];
      const [from = left, to = right] = [roots[left], roots[right]];
      after[from]?.push([to, ((rooms[left] ?? 0) + (rooms[right] ?? 0)) / 2]);
      waitsFor[to] = (waitsFor[to] ?? 0) + 1;
    }
  }
  const x = new Float64Array(count);
  const inOrder: number[] = [];
  for (let place = 0; place < count; place += 1)
    if (roots[place] === place && waitsFor[place] === 0) inOrder.push(place);
  for (const column of inOrder) {
    for (const [right, apart] of after[column] ?? []) {
      x[right] = Math.max(x[right] ?? 0, (x[column] ?? 0) + apart);
      const left = (waitsFor[right] ?? 1) - 1;
      waitsFor[right] = left;
      if (left === 0) inOrder.push(right);
    }
  }
  for (const column of inOrder.toReversed()) {
    let limit = Number.POSITIVE_INFINITY;
    for (const [right, apart] of after[column] ?? []) limit = Math.min(limit, (x[right] ?? 0) - apart);
    if (limit !== Number.POSITIVE_INFINITY) x[column] = Math.max(x[column] ?? 0, limit);
  }
  return x.map((_, place) => x[roots[place] ?? place] ?? 0);
}

function reach(columns: Float64Array, rooms: Chart["rooms"]): { readonly left: number; readonly right: number } {
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  columns.forEach((x, place) => {
    left = Math.min(left, x - (rooms[place] ?? 0) / 2);
    right = Math.max(right, x + (rooms[place] ?? 0) / 2);
  });
  return { left, right };
}

/** The drawings laid over the narrowest of them: those from the left by their left sides, those from the right by their right sides. */
function aligned(drawings: readonly Float64Array[], rooms: Chart["rooms"]): readonly Float64Array[] {
  const reaches = drawings.map((columns) => reach(columns, rooms));
  const narrowest = reaches.reduce((best, one) => (one.right - one.left < best.right - best.left ? one : best));
  return drawings.map((columns, index) => {
    const { left, right } = reaches[index] ?? narrowest;
    const by = index % 2 === 1 ? narrowest.right - right : narrowest.left - left;
    return columns.map((x) => x + by);
  });
}

/** Middle of the four: sorted, the mean of the second and the third. Order and room of neighbours in a row survive it. */
function balanced(drawings: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array()] = drawings;
  return first.map((_, place) => {
    const four = drawings.map((columns) => columns[place] ?? 0).sort((left, right) => left - right);
    return ((four[1] ?? 0) + (four[2] ?? 0)) / 2;
  });
}
