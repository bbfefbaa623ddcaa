import { z } from "zod";

/** Query parameters of every list that comes in pages. */
export const paging = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
});
