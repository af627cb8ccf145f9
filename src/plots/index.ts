export { bars } from "./bars.js";
export type { Bar, BarMark, BarsOptions } from "./bars.js";
export { beside } from "./beside.js";
export { colourMap, COLOUR_MAPS } from "./colour-map.js";
export type { ColourMapName } from "./colour-map.js";
export { ellipse } from "./ellipse.js";
export type { PlaneCurve } from "./ellipse.js";
export { pngField } from "./field.js";
export type { PngFieldOptions } from "./field.js";
export { fields } from "./fields.js";
export type { Field, FieldsOptions } from "./fields.js";
export type { Frames } from "./frames.js";
export { graph } from "./graph.js";
export type { GraphNode, GraphOptions } from "./graph.js";
export type { Guide } from "./guides.js";
export { histograms } from "./histograms.js";
export type { HistogramSeries, HistogramsOptions } from "./histograms.js";
export { images } from "./images.js";
export type { ImageRow, ImagesOptions } from "./images.js";
export { intervals } from "./intervals.js";
export type { Interval, IntervalsOptions, Level } from "./intervals.js";
export { lines } from "./lines.js";
export type { LineSeries, LinesOptions } from "./lines.js";
export { matrices } from "./matrix.js";
export type { MatricesOptions, MatrixPanel } from "./matrix.js";
export { pathDensity } from "./path-density.js";
export type { PathDensityOptions, SideDensity } from "./path-density.js";
export { plane } from "./plane.js";
export type {
  PlaneArrows,
  PlaneContent,
  PlaneDensity,
  PlaneOptions,
  PlanePath,
  PlanePoints,
} from "./plane.js";
export type { Extent, Grid2d } from "./raster.js";
export { renderSvg } from "./render.js";
export type { RenderOptions } from "./render.js";
export { SCHEMA } from "./spec.js";
export type { Spec } from "./spec.js";
export { categorical, colours, theme, themed } from "./theme.js";
