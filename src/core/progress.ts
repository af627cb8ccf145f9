/** How far a long computation has come: `done` of `total` parts of about equal length. */
export interface ProgressEvent {
  readonly done: number;
  readonly total: number;
  /** What is being done. */
  readonly note?: string;
}

/** Called by long computations as they go on. */
export type Progress = (event: ProgressEvent) => void;
