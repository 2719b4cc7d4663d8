// The services that the daemon offers, in the order they start in (networks first, hosts last).
import type { Tags } from "./api";
import type { Cloud } from "./context";
import { nameService } from "./dns/service";
import { machineService } from "./machines/service";
import { networkService } from "./network/service";
import { databaseService } from "./rds/service";
import type { Service } from "./service";
import { thingsService } from "./things";

export function createServices({ context, network, things, membersOf }: Cloud): Service[] {
    const services: Service[] = [];
    const tagged = (id: string): { tags: Tags } | undefined =>
        services.map((service) => service.tagged(id)).find((holder) => holder !== undefined);
    const members = (): ReturnType<Service["members"]> => services.flatMap((service) => service.members());
    const names = nameService(context);
    services.push(
        networkService(context, network, members),
        thingsService(context, things.byId, tagged),
        names,
        databaseService(context, names),
        machineService(context),
    );
    membersOf.all = members;
    return services;
}
