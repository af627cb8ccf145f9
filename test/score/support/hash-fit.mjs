// Prints a hash of a fit's coefficients and of its samples.
import { createHash } from "node:crypto";
import { random, score, targets } from "../../../dist/index.js";

const { fit, window } = score.spectral;
const chain = targets.ginzburgLandau({ dim: 4, lambda: 0.5, beta: 1, h: 1, boundary: "left" });
const data = chain.sample(random.key(1), 5000);
const hash = createHash("sha256");
for (const basis of ["hermite", "meanField"]) {
  const fitted = await fit(data, { dim: 4, basis, clusters: window(), numTimes: 12 });
  hash.update(fitted.coefficients);
  hash.update(await fitted.generate(random.key(2), 3000));
}
process.stdout.write(hash.digest("hex"));
