// Products in what stacks publish and hosts answer.
import { z } from "zod";
import { inOrder, perProduct } from "../products";

export const productId = z.enum(inOrder);

export const forEachProduct = <T extends z.ZodType>(schema: T) => z.object(perProduct(() => schema));
