// The records of the public names: what the provider asks Route 53 for.
import { Calls, inCode, route53Calls } from "./calls";

export const recordCalls: Record<string, Calls> = {
    "aws:route53/record:Record": [
        inCode("route53/record.go", {
            create: route53Calls("GetHostedZone ChangeResourceRecordSets GetChange"),
            read: route53Calls("GetHostedZone ListResourceRecordSets"),
            update: route53Calls("GetHostedZone ChangeResourceRecordSets GetChange"),
            delete: route53Calls("ChangeResourceRecordSets GetChange"),
        }),
    ],
};

export const recordLookups: Record<string, Calls> = {
    "aws:route53/getRecords:getRecords": [
        inCode("route53/records_data_source.go", { read: route53Calls("ListResourceRecordSets") }),
    ],
};
