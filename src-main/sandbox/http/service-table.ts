/** The services this cloud speaks, and how each one's wire protocol names things. */
export type ServiceId = 'sts' | 'iam' | 'cloudwatch' | 'logs' | 'ecs' | 'ec2' | 'kms';

export interface ServiceTraits {
  readonly id: ServiceId;
  /** The service name in the SigV4 credential scope. */
  readonly signingName: string;
  readonly protocol: 'json' | 'query' | 'ec2';
  /** JSON: the prefix of X-Amz-Target; Query: the API version. */
  readonly selector: string;
  /** JSON: the content type's version; Query: the XML namespace. */
  readonly wire: string;
  /** JSON: the namespace of error shapes in `__type`. */
  readonly namespace: string;
}

const TRAITS: Readonly<Record<ServiceId, ServiceTraits>> = {
  sts: {
    id: 'sts',
    signingName: 'sts',
    protocol: 'query',
    selector: '2011-06-15',
    wire: 'https://sts.amazonaws.com/doc/2011-06-15/',
    namespace: '',
  },
  iam: {
    id: 'iam',
    signingName: 'iam',
    protocol: 'query',
    selector: '2010-05-08',
    wire: 'https://iam.amazonaws.com/doc/2010-05-08/',
    namespace: '',
  },
  ec2: {
    id: 'ec2',
    signingName: 'ec2',
    protocol: 'ec2',
    selector: '2016-11-15',
    wire: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    namespace: '',
  },
  cloudwatch: {
    id: 'cloudwatch',
    signingName: 'monitoring',
    protocol: 'json',
    selector: 'GraniteServiceVersion20100801',
    wire: '1.0',
    namespace: 'com.amazonaws.cloudwatch',
  },
  logs: {
    id: 'logs',
    signingName: 'logs',
    protocol: 'json',
    selector: 'Logs_20140328',
    wire: '1.1',
    namespace: 'com.amazonaws.cloudwatchlogs',
  },
  ecs: {
    id: 'ecs',
    signingName: 'ecs',
    protocol: 'json',
    selector: 'AmazonEC2ContainerServiceV20141113',
    wire: '1.1',
    namespace: 'com.amazonaws.ecs',
  },
  kms: {
    id: 'kms',
    signingName: 'kms',
    protocol: 'json',
    selector: 'TrentService',
    wire: '1.1',
    namespace: 'com.amazonaws.kms',
  },
};

export const SERVICES: readonly ServiceTraits[] = Object.values(TRAITS);

export function serviceTraits(id: ServiceId): ServiceTraits {
  return TRAITS[id];
}
