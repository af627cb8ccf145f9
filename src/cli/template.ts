/** What a new notebook is made of. */
export interface TemplateOptions {
  /** The file's name without `.ipynb`. */
  readonly name: string;
  readonly title: string;
  /** The library as the notebook's cells import it. */
  readonly library: string;
}

interface TemplateCell {
  readonly kind: "markdown" | "code";
  readonly tags?: readonly string[];
  readonly source: string;
}

/**
 * A notebook in the workbook's order: title and claim, one import and `start`, the parameters in two sizes, a section
 * (mathematics, what to look for, one call, one figure), the table and the checks. It runs as it is: a mean of normal
 * draws stands where the work will be.
 * @returns the file's text, of format 4.5 with cell ids
 */
export function notebookTemplate({ name, title, library }: TemplateOptions): string {
  const cells = templateCells(name, title, library).map(({ kind, tags, source }, i) => ({
    cell_type: kind,
    ...(kind === "code" ? { execution_count: null } : {}),
    id: `cell-${String(i).padStart(2, "0")}`,
    metadata: tags === undefined ? {} : { tags },
    ...(kind === "code" ? { outputs: [] } : {}),
    source: source.split(/(?<=\n)/),
  }));
  const kernelspec = { display_name: "TypeScript", language: "typescript", name: "tslab" };
  const notebook = { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
  return `${JSON.stringify(notebook, null, 1)}\n`;
}

function templateCells(name: string, title: string, library: string): TemplateCell[] {
  const topic = name.replace(/^\d+-/, "");
  return [
    {
      kind: "markdown",
      source: `# ${title}

**Claim.** One sentence that the checks at the end decide.

| | |
|---|---|
| Figures | what there is to see |
| Source | author, title, year; talk |
| Time | at \`quick\` and at \`full\`, on two CPU cores |`,
    },
    {
      kind: "code",
      source: `import { metrics, notebook, plots, random } from "${library}";\n\nawait notebook.start("${name}");`,
    },
    {
      kind: "code",
      tags: ["parameters"],
      source: `const p = notebook.parameters({
  quick: { seed: 0, numSamples: 10_000 },
  full: { seed: 0, numSamples: 1_000_000 },
});`,
    },
    {
      kind: "markdown",
      source: `## A section: the mathematics

What is computed: the mean $\\bar x_N=\\frac1N\\sum_i x_i$ of $N$ draws from $\\mathcal N(0,1)$, whose standard error is $1/\\sqrt N$.

**What to look for:** the histogram follows the density.`,
    },
    {
      kind: "code",
      source: `const draws = random.normal(random.key(p.seed), p.numSamples);
const xs = Float64Array.from({ length: 161 }, (_, i) => -4 + i / 20);
const exact = { name: "exact", reference: true, x: xs, y: xs.map((x) => Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI)) };
await notebook.figure(
  "density",
  plots.histograms([{ name: "draws", samples: draws }], { x: "x", low: -4, high: 4, curves: [exact] }),
  { caption: "What the figure shows, and what to see in it." },
);`,
    },
    { kind: "markdown", source: "## The numbers" },
    {
      kind: "code",
      source: `const { mean, standardDeviation } = metrics.summary(draws);
notebook.table([{ method: "plain draws", mean, "standard deviation": standardDeviation }], { caption: "Ours" });
notebook.check("${topic}/draws/mean", {
  statement: "mean of the draws", value: mean, low: -4 / Math.sqrt(p.numSamples), high: 4 / Math.sqrt(p.numSamples),
  source: "exact mean 0, ± 4 standard errors",
});`,
    },
    { kind: "code", tags: ["checks"], source: "await notebook.checks();" },
  ];
}
