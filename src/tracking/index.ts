/** What the other parts need of tracking. */
export type { NewRunEvent, RunEvent, RunStatus } from './events.ts';
export { type FoldHistory, historyOf, type RunHistory } from './history.ts';
export { type Journal, openJournal, readJournal } from './journal.ts';
export { createLiveSender, type LiveSender, type SenderReport } from './live-sender.ts';
export { type TrackingConfig, trackingSchema } from './schema.ts';
