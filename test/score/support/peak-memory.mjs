// Fits a chain of 50 sites in the window basis named on the command line; prints the peak of resident memory in MiB.
import { random, score, targets } from "../../../dist/index.js";

const { fit, window } = score.spectral;
const chain = targets.ginzburgLandau({ dim: 50, lambda: 0.5, beta: 1, h: 1, boundary: "left" });
const data = chain.sample(random.key(1), 10_000);
const [basis, numTimes] = process.argv.slice(2);
await fit(data, { dim: 50, basis, clusters: window(), numTimes: Number(numTimes) });
process.stdout.write(String(process.resourceUsage().maxRSS / 1024));
