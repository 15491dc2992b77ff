import type { Raw } from '../../fhir/ask.ts';

/** One question of a form, as an SDC Questionnaire gives it (R4 Questionnaire.item; SDC 3.0 for the extensions). */
export interface FormItem {
  readonly linkId: string;
  readonly type:
    | 'group'
    | 'display'
    | 'boolean'
    | 'decimal'
    | 'integer'
    | 'date'
    | 'dateTime'
    | 'time'
    | 'string'
    | 'text'
    | 'url'
    | 'choice'
    | 'open-choice'
    | 'reference'
    /** A type this form cannot show; the question is listed and said to be unanswerable here. */
    | 'unknown';
  readonly text: string | undefined;
  readonly prefix: string | undefined;
  /** Help beside the question: a child item with `itemControl` help. */
  readonly help: string | undefined;
  readonly required: boolean;
  readonly repeats: boolean;
  readonly readOnly: boolean;
  readonly maxLength: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly options: readonly Option[];
  /** `radio-button`, `check-box`, `drop-down`, `slider`, `page`: the author's wish, SDC `itemControl`. */
  readonly control: string | undefined;
  readonly enableWhen: readonly Condition[];
  readonly enableAll: boolean;
  readonly initial: readonly AnswerValue[];
  /** A FHIRPath expression this form understands (docs/fhir.md, «Calculated values»). */
  readonly calculated: string | undefined;
  readonly hidden: boolean;
  readonly items: readonly FormItem[];
}

export interface Option {
  readonly value: AnswerValue;
  /** What the person sees. */
  readonly label: string;
}

/** R4 Questionnaire.item.enableWhen. */
export interface Condition {
  readonly question: string;
  readonly operator: 'exists' | '=' | '!=' | '>' | '<' | '>=' | '<=';
  readonly answer: AnswerValue | boolean;
}

/** `{ valueDate: '2026-11-21' }`: exactly one `value[x]`, as in QuestionnaireResponse.item.answer. */
export type AnswerValue = Raw;

export interface Form {
  /** `url|version`, for QuestionnaireResponse.questionnaire. */
  readonly canonical: string;
  readonly title: string | undefined;
  readonly items: readonly FormItem[];
  /** The server's own, or ours because the server offers none. */
  readonly from: 'server' | 'own';
}

/** R4 QuestionnaireResponse.item: what has been answered so far, and what a draft keeps. */
export interface ResponseItem {
  readonly linkId: string;
  readonly text?: string;
  readonly answer?: readonly AnswerValue[];
  readonly item?: readonly ResponseItem[];
}
