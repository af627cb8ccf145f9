// Runs in a pool thread.

/** The state of a plan in shared memory. */
export interface PlanArrays {
  readonly rows: number;
  readonly columns: number;
  /** rows × columns */
  readonly costs: Float64Array;
  readonly u: Float64Array;
  readonly v: Float64Array;
  /** Largest change of a potential, one number a task. */
  readonly changes: Float64Array;
}

/** A block of rows of the cost matrix. */
export interface CostTask extends PlanArrays {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dim: number;
  readonly from: number;
  readonly to: number;
}

/** A block of rows or columns of the plan. */
export interface PlanTask extends PlanArrays {
  readonly epsilon: number;
  readonly from: number;
  readonly to: number;
  readonly slot: number;
}

/** Terms below exp(-DEPTH) of the greatest are left out. */
const DEPTH = 40;

export function fillCosts({ x, y, dim, columns, costs, from, to }: CostTask): void {
  for (let i = from; i < to; i++) {
    for (let j = 0; j < columns; j++) {
      let square = 0;
      for (let c = 0; c < dim; c++) square += (x[i * dim + c] - y[j * dim + c]) ** 2;
      costs[i * columns + j] = Math.sqrt(square);
    }
  }
}

/** u_i = ε (log 1/n - log Σ_j exp((v_j - C_ij)/ε)) */
export function updateRows({ rows, columns, costs, u, v, changes, epsilon, from, to, slot }: PlanTask): void {
  const depth = DEPTH * epsilon;
  for (let i = from; i < to; i++) {
    const row = i * columns;
    let top = -Infinity;
    for (let j = 0; j < columns; j++) top = Math.max(top, v[j] - costs[row + j]);
    let sum = 0;
    for (let j = 0; j < columns; j++) {
      const gap = v[j] - costs[row + j] - top;
      if (gap > -depth) sum += Math.exp(gap / epsilon);
    }
    const next = -epsilon * Math.log(rows * sum) - top;
    changes[slot] = Math.max(changes[slot], Math.abs(next - u[i]));
    u[i] = next;
  }
}

/** The same for v, row by row through a block of columns: memory is read as it lies. */
export function updateColumns(task: PlanTask): void {
  const { rows, columns, costs, u, v, changes, epsilon, from, to, slot } = task;
  const depth = DEPTH * epsilon;
  const top = new Float64Array(to - from).fill(-Infinity);
  const sum = new Float64Array(to - from);
  for (let i = 0; i < rows; i++) {
    const at = i * columns + from;
    for (let j = 0; j < top.length; j++) top[j] = Math.max(top[j], u[i] - costs[at + j]);
  }
  for (let i = 0; i < rows; i++) {
    const at = i * columns + from;
    for (let j = 0; j < top.length; j++) {
      const gap = u[i] - costs[at + j] - top[j];
      if (gap > -depth) sum[j] += Math.exp(gap / epsilon);
    }
  }
  for (let j = 0; j < top.length; j++) {
    const next = -epsilon * Math.log(columns * sum[j]) - top[j];
    changes[slot] = Math.max(changes[slot], Math.abs(next - v[from + j]));
    v[from + j] = next;
  }
}

/** Σ P C and Σ_i |Σ_j P_ij - 1/n| of a block of rows. */
export function measureRows({ rows, columns, costs, u, v, epsilon, from, to }: PlanTask): [number, number] {
  let [cost, error] = [0, 0];
  for (let i = from; i < to; i++) {
    let mass = 0;
    for (let j = 0; j < columns; j++) {
      const c = costs[i * columns + j];
      const p = Math.exp((u[i] + v[j] - c) / epsilon);
      mass += p;
      cost += p * c;
    }
    error += Math.abs(mass - 1 / rows);
  }
  return [cost, error];
}
