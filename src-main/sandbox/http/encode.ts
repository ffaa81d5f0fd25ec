import type { AwsError } from './aws-error.ts';
import { queryCompatibleCode } from './refusals.ts';
import type { ServiceTraits } from './service-table.ts';
import { encodeXml, type XmlValue } from './xml.ts';

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an operation answers: JSON members, or the members of an XML result. */
export type Answer = Readonly<Record<string, unknown>>;

export function encodeAnswer(service: ServiceTraits, operation: string, answer: Answer, requestId: string): WireAnswer {
  switch (service.protocol) {
    case 'json':
      return { status: 200, headers: jsonHeaders(service, requestId), body: JSON.stringify(answer) };
    case 'query': {
      const members: XmlValue = {
        [`${operation}Result`]: answer as XmlValue,
        ResponseMetadata: { RequestId: requestId },
      };
      return {
        status: 200,
        headers: xmlHeaders(requestId),
        body: encodeXml(`${operation}Response`, members, 'member', service.wire),
      };
    }
    case 'ec2': {
      const members: XmlValue = { requestId, ...(answer as { readonly [name: string]: XmlValue }) };
      return {
        status: 200,
        headers: xmlHeaders(requestId),
        body: encodeXml(`${operation}Response`, members, 'item', service.wire),
      };
    }
  }
}

export function encodeError(service: ServiceTraits, error: AwsError, requestId: string): WireAnswer {
  const side = error.status >= 500 ? 'Receiver' : 'Sender';
  switch (service.protocol) {
    case 'json': {
      const headers = { ...jsonHeaders(service, requestId), 'x-amzn-errortype': error.code };
      const queryCode = queryCompatibleCode(service, error.code);
      const compatible = queryCode === undefined ? {} : { 'x-amzn-query-error': `${queryCode};${side}` };
      return {
        status: error.status,
        headers: { ...headers, ...compatible },
        body: JSON.stringify({ __type: `${service.namespace}#${error.code}`, message: error.message }),
      };
    }
    case 'query': {
      const body: XmlValue = {
        Error: { Type: side, Code: error.code, Message: error.message },
        RequestId: requestId,
      };
      return {
        status: error.status,
        headers: xmlHeaders(requestId),
        body: encodeXml('ErrorResponse', body, 'member', service.wire),
      };
    }
    case 'ec2': {
      const body: XmlValue = {
        Errors: { Error: { Code: error.code, Message: error.message } },
        RequestID: requestId,
      };
      return { status: error.status, headers: xmlHeaders(requestId), body: encodeXml('Response', body, 'item') };
    }
  }
}

function jsonHeaders(service: ServiceTraits, requestId: string): Record<string, string> {
  return { 'content-type': `application/x-amz-json-${service.wire}`, 'x-amzn-requestid': requestId };
}

function xmlHeaders(requestId: string): Record<string, string> {
  return { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId };
}
