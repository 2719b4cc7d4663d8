// Products in what stacks publish and hosts answer.
import { z } from "zod";
import { inOrder, perProduct } from "../products";
import { schemes } from "../products/endpoint";

export const productId = z.enum(inOrder);

/** Where something answers over HTTP. */
export const endpoint = z.object({ scheme: z.enum(schemes), host: z.string(), port: z.number() });

export const forEachProduct = <T extends z.ZodType>(schema: T) => z.object(perProduct(() => schema));
