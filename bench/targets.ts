import { key } from "../src/random/index.js";
import { doubleWell, gibbs, ginzburgLandau, type Boundary } from "../src/targets/index.js";
import { bench } from "./harness.js";

const N = 10_000;
const DIM = 50;
const chain = (boundary: Boundary): ReturnType<typeof ginzburgLandau> =>
  ginzburgLandau({ dim: DIM, lambda: 0.5, h: Math.SQRT1_2, boundary });
const [left, ring] = [chain("left"), chain("periodic")];
const well = gibbs({ potentials: doubleWell() });
const points = left.sample(key(1), N);
const draws = { count: N * DIM, name: "sites" };

await bench([
  {
    id: "targets/chain-sample",
    work: "10,000 exact draws of a Ginzburg–Landau chain of 50 sites",
    ours: () => left.sample(key(1), N),
    units: draws,
  },
  {
    id: "targets/ring-sample",
    work: "10,000 exact draws of a periodic chain of 50 sites",
    ours: () => ring.sample(key(1), N),
    units: draws,
  },
  {
    id: "targets/chain-exact",
    work: "log Z and all second moments of a chain of 50 sites, from nothing",
    ours: () => {
      const fresh = chain("left");
      return [fresh.logNormConst, fresh.secondMoment()];
    },
  },
  {
    id: "targets/chain-score",
    work: "the score of 10,000 chains of 50 sites",
    ours: () => left.score(points),
    units: draws,
  },
  {
    id: "targets/double-well-sample",
    work: "1,000,000 exact draws of a double well by its inverse distribution function",
    ours: () => well.sample(key(1), 1_000_000),
    units: { count: 1_000_000, name: "draws" },
  },
]);
