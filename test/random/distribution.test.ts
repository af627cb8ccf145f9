import { distributionSuite } from "./distribution-suite.js";

distributionSuite(0);
