// node --import this: TypeScript files of bench/ run as they are, on the compiled library.
import { register } from "node:module";

register("./typescript.js", import.meta.url);
