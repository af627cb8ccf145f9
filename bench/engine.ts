import { perceptronRow } from "./engine/perceptron.js";
import { simulationRow } from "./engine/simulation.js";
import { startRows } from "./engine/start.js";
import { adamRow, denoisingRow, residualRow } from "./engine/training.js";
import { bench } from "./harness.js";

await bench([
  perceptronRow(512),
  perceptronRow(2048),
  denoisingRow(64),
  denoisingRow(512),
  residualRow(),
  simulationRow(512),
  simulationRow(2048),
  adamRow(),
  ...startRows(),
]);
