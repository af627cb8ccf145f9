import { checkInteger } from "../core/checks.js";
import { ArgumentError } from "../core/errors.js";
import type { Spec } from "./spec.js";

/** Moments that a slider runs through; the data of all of them lie in the figure, so no kernel is asked. */
export interface Frames {
  /** What the title says of each, such as "t = 0.5". */
  readonly labels: readonly string[];
  /** What stands beside the slider; "frame" unless told. */
  readonly name?: string;
  /** The frame of the static picture, from 0; the last unless told. */
  readonly initial?: number;
}

/** What a row needs to be shown at the slider's frame only; a row without a frame is always shown. */
const SHOWN_AT_FRAME: Spec = { filter: "!isValid(datum.frame) || datum.frame === frame" };

/**
 * Title, slider and transforms of a figure: the rows of the slider's frame, then what else is done to rows.
 * @throws ArgumentError for less than two frames, or an initial one that does not exist
 */
export function framed(
  title: string | undefined,
  frames: Frames | undefined,
  then: readonly Spec[] = [],
): Spec {
  const transform = [...(frames === undefined ? [] : [SHOWN_AT_FRAME]), ...then];
  const rows = transform.length === 0 ? {} : { transform };
  if (frames === undefined) return { ...(title === undefined ? {} : { title }), ...rows };
  const { labels, name = "frame", initial = labels.length - 1 } = frames;
  if (!Array.isArray(labels) || labels.length < 2)
    throw new ArgumentError("options.frames.labels", labels, "at least two frames");
  checkInteger("options.frames.initial", initial, { min: 0, max: labels.length - 1 });
  const label = { expr: `${JSON.stringify(labels)}[frame]` };
  return {
    title: title === undefined ? { text: label } : { text: title, subtitle: label },
    params: [
      {
        name: "frame",
        value: initial,
        bind: { input: "range", min: 0, max: labels.length - 1, step: 1, name: `${name} ` },
      },
    ],
    ...rows,
  };
}

/** A row's frame, as its data keep it. @throws ArgumentError for a frame that the labels do not name */
export function frameOf(argument: string, frame: number | undefined, frames: Frames | undefined): Spec {
  if (frame === undefined) return {};
  if (frames === undefined) throw new ArgumentError(argument, frame, "options.frames that name the frames");
  return { frame: checkInteger(argument, frame, { min: 0, max: frames.labels.length - 1 }) };
}
