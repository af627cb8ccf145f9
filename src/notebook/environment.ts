import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkOneOf } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";

/** The two sizes of every notebook. */
export type Profile = "quick" | "full";

/** The folder that holds package.json, notebooks/ and figures/. */
export const root: string = fileURLToPath(new URL("../../", import.meta.url));

/** What the environment variables of a run say. */
export interface Environment {
  readonly profile: Profile;
  /** Single parameters to replace, as JSON text. */
  readonly params: string;
  /** Folder of what a run makes. */
  readonly out: string;
  /** Folder of the committed results. */
  readonly figures: string;
  /** Rows may be computed, and figures/ written. */
  readonly reproduce: boolean;
  /** The rows wanted: a name or a pattern with `*`. */
  readonly rows: string;
  /** The runner's name for the notebook; undefined where no runner is in charge. */
  readonly notebook: string | undefined;
  /** The name of the notebook that a person opened. */
  readonly opened: string | undefined;
}

/** Reads the environment. @throws ArgumentError for an unknown profile */
export function environment(): Environment {
  const { env } = process;
  const opened = env.JPY_SESSION_NAME;
  return {
    profile: checkOneOf("SCOREBOOK_PROFILE", env.SCOREBOOK_PROFILE || "quick", ["quick", "full"]),
    params: env.SCOREBOOK_PARAMS || "{}",
    out: env.SCOREBOOK_OUT || join(root, "out"),
    figures: env.SCOREBOOK_FIGURES || join(root, "figures"),
    reproduce: env.SCOREBOOK_REPRODUCE === "1",
    rows: env.SCOREBOOK_ROWS || "*",
    notebook: env.SCOREBOOK_NOTEBOOK || undefined,
    opened: opened ? basename(opened).replace(/\.ipynb$/, "") || undefined : undefined,
  };
}

/** The profile of this run: SCOREBOOK_PROFILE, `quick` unless told. @throws ArgumentError for an unknown one */
export function profile(): Profile {
  return environment().profile;
}

/** Where figures go: into out/, or into the committed folder while reproducing. */
export function figureFolder({ out, figures, reproduce }: Environment): string {
  return reproduce ? figures : join(out, "figures");
}

/** A name that can be part of a file's name. @throws ArgumentError */
export function checkName(argument: string, name: string): string {
  if (typeof name !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw new ArgumentError(argument, name, "letters, digits, '-', '_' and '.'");
  return name;
}
