/** Every sentence about proposals. */
export const words = {
  title: 'Proposals',
  none: 'No proposals',
  noneMore: 'An account in propose mode puts its actions here before anything is sent.',
  approve: 'Approve',
  dismiss: 'Dismiss',
  approveAll: (n: number): string => `Approve all ${n}`,
  close: 'Close',
  approved: (what: string): string => `Approved: ${what}.`,
  dismissed: 'Dismissed; nothing was sent.',
};
