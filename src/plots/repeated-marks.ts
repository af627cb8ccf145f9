/** Marks of one shape and look, of which a scatter has thousands: a place, the outline, the rest of its attributes. */
const MARK = /<path transform="translate\(([^,"]+),([^)"]+)\)" (d="M[^"]*"[^>]*)\/>/g;
/** A shape used less often is as short where it stands. */
const OFTEN = 8;

/**
 * An SVG whose repeated marks are drawn once and used elsewhere: the same picture in a third of the text.
 *
 * `<path transform="translate(x,y)" …/>` of an outline and look that come often become `<use href="#…" x y/>`, in their
 * places, so that what lies over what stays as it was.
 * @param prefix of the ids, which no other figure of a page may have
 */
export function shareMarks(svg: string, prefix: string): string {
  const counts = new Map<string, number>();
  for (const [, , , look] of svg.matchAll(MARK)) counts.set(look, (counts.get(look) ?? 0) + 1);
  const often = [...counts].filter(([, count]) => count >= OFTEN).map(([look]) => look);
  if (often.length === 0) return svg;
  const ids = new Map(often.map((look, i) => [look, `${prefix}-m${i}`]));
  const shapes = often.map((look) => `<path id="${ids.get(look)}" ${look}/>`).join("");
  return svg
    .replace(MARK, (mark, x: string, y: string, look: string) =>
      ids.has(look) ? `<use href="#${ids.get(look)}" x="${x}" y="${y}"/>` : mark,
    )
    .replace(/^<svg [^>]*>/, (head) => `${head}<defs>${shapes}</defs>`);
}
