import { describe } from "vitest";
import { distributionSuite } from "./distribution-suite.js";

describe.each([1000, 2_000_000, 3_000_000_000])("with seeds from %i on", (seed) => distributionSuite(seed));
