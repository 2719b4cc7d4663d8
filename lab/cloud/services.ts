// The services that the daemon offers, in the order they start in (networks first, hosts last).
import type { Tags } from "./api";
import type { Cloud } from "./context";
import { machineService } from "./machines/service";
import { networkService } from "./network/service";
import type { Service } from "./service";
import { thingsService } from "./things";

export function createServices({ context, network, things, membersOf }: Cloud): Service[] {
    const services: Service[] = [];
    const tagged = (id: string): { tags: Tags } | undefined =>
        services.map((service) => service.tagged(id)).find((holder) => holder !== undefined);
    const members = (): ReturnType<Service["members"]> => services.flatMap((service) => service.members());
    services.push(
        networkService(context, network, members),
        thingsService(context, things.byId, tagged),
        machineService(context),
    );
    membersOf.all = members;
    return services;
}
