/** How records can be written for other programs. */
const recordForms = ['json', 'csv', 'yaml'] as const;
export type RecordForm = (typeof recordForms)[number];

/** How restarts can be shown. */
export const shownForms = ['table', 'wide', ...recordForms] as const;
export type ShownForm = (typeof shownForms)[number];

/** How `history` can show them: also as a page with a timeline. */
export const historyForms = [...shownForms, 'html'] as const;
export type HistoryForm = (typeof historyForms)[number];
