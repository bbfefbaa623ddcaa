/**
 * The queue of a job: runners serve only their own organization, and only the languages that work
 * there, so that no job is ever leased to who can't run it.
 */
export const queueName = (organizationId: string, language: string): string =>
  `${organizationId}.${language}`;

export const languageOfQueue = (queue: string): string => queue.slice(queue.indexOf(".") + 1);
