import type { Place } from '../source.ts';
import type { TextProblem } from '../tree.ts';

/**
 * The syntax of HCL's native language, each node with the place it was written at.
 * https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
 */
export interface Body {
  readonly attributes: readonly Attribute[];
  readonly blocks: readonly Block[];
  readonly place: Place;
}

export interface Attribute {
  readonly name: string;
  readonly namePlace: Place;
  readonly value: Expression;
}

export interface Block {
  readonly type: string;
  readonly typePlace: Place;
  readonly labels: readonly Label[];
  readonly body: Body;
  readonly place: Place;
}

export interface Label {
  readonly text: string;
  readonly place: Place;
}

export type Expression =
  | Literal
  | Template
  | Variable
  | { readonly kind: 'attribute'; readonly of: Expression; readonly name: string; readonly place: Place }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression; readonly place: Place }
  | { readonly kind: 'splat'; readonly of: Expression; readonly each: Expression; readonly place: Place }
  /** The element that a splat stands at. */
  | { readonly kind: 'element'; readonly place: Place }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[]; readonly place: Place }
  | ObjectExpression
  | ForExpression
  | Conditional
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression; readonly place: Place }
  | Binary
  | Call
  | { readonly kind: 'parentheses'; readonly inner: Expression; readonly place: Place };

export interface Literal {
  readonly kind: 'literal';
  readonly value: string | number | boolean | null;
  /** Of a number: its digits as written. */
  readonly written?: string;
  readonly place: Place;
}

export interface Variable {
  readonly kind: 'variable';
  readonly name: string;
  readonly place: Place;
}

/** A quoted string, a heredoc, or a template file: its text and what is put into it. */
export interface Template {
  readonly kind: 'template';
  readonly parts: readonly TemplatePart[];
  readonly place: Place;
}

export type TemplatePart =
  | TextPart
  | { readonly kind: 'interpolation'; readonly value: Expression; readonly place: Place }
  | {
      readonly kind: 'if';
      readonly condition: Expression;
      readonly whenTrue: readonly TemplatePart[];
      readonly whenFalse: readonly TemplatePart[];
      readonly place: Place;
    }
  | {
      readonly kind: 'for';
      readonly keyName: string | undefined;
      readonly valueName: string;
      readonly collection: Expression;
      readonly body: readonly TemplatePart[];
      readonly place: Place;
    };

/** Literal text. Where it is as long as its place, each character stands where it was written; else it is one escape. */
export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  readonly place: Place;
}

export interface ObjectExpression {
  readonly kind: 'object';
  readonly items: readonly ObjectItem[];
  readonly place: Place;
}

export interface ObjectItem {
  /** A bare word is a literal. */
  readonly key: Expression;
  readonly value: Expression;
}

export interface ForExpression {
  readonly kind: 'for';
  readonly keyName: string | undefined;
  readonly valueName: string;
  readonly collection: Expression;
  /** Set for `{for … : key => value}`. */
  readonly key: Expression | undefined;
  readonly value: Expression;
  readonly condition: Expression | undefined;
  /** `...` after the value: equal keys make a list. */
  readonly grouped: boolean;
  readonly place: Place;
}

export interface Conditional {
  readonly kind: 'conditional';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
  readonly place: Place;
}

export type BinaryOperator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface Binary {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
  readonly place: Place;
}

export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** `...` after the last argument: its elements are the arguments. */
  readonly expanded: boolean;
  readonly place: Place;
}

/** What could be read of a file, and what could not. */
export interface ParsedBody {
  readonly body: Body;
  readonly problems: readonly TextProblem[];
}
