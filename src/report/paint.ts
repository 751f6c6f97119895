/** How a terminal shows words; without colours, as they are. */
export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly notice: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

const same = (text: string): string => text;
export const plainPaint: Paint = { error: same, warning: same, notice: same, bold: same, dim: same };

const code = (open: number, close: number) => (text: string) => `\u001B[${open}m${text}\u001B[${close}m`;
export const colourPaint: Paint = {
  error: code(31, 39),
  warning: code(33, 39),
  notice: code(36, 39),
  bold: code(1, 22),
  dim: code(2, 22),
};
