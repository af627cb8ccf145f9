/** log (1/n) Σ exp(-RND_i): the reweighted estimate of log Z. */
export function logNormConst(rnd: ArrayLike<number>): number {
  const { most, sum } = shifted(rnd);
  return most + Math.log(sum / rnd.length);
}

/** (Σ w)² / (n Σ w²) with w = exp(-RND): the share of independent draws that the weighted paths are worth. */
export function effectiveShare(rnd: ArrayLike<number>): number {
  const { sum, squares } = shifted(rnd);
  return sum ** 2 / (rnd.length * squares);
}

function shifted(rnd: ArrayLike<number>): { most: number; sum: number; squares: number } {
  let most = -Infinity;
  for (let i = 0; i < rnd.length; i++) most = Math.max(most, -rnd[i]);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < rnd.length; i++) {
    const w = Math.exp(-rnd[i] - most);
    sum += w;
    squares += w * w;
  }
  return { most, sum, squares };
}
