package com.matih.tenantmigration.activities.objectstorage.client;

import com.matih.tenantmigration.activities.secrets.ResolvedSecrets;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** The machine's own credentials, which are not to be told any more than those of a request. */
record NotedCredentials(DefaultCredentialsProvider machine)
    implements AwsCredentialsProvider, SdkAutoCloseable {

  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentials credentials = machine.resolveCredentials();
    ResolvedSecrets.note(credentials.accessKeyId());
    ResolvedSecrets.note(credentials.secretAccessKey());
    if (credentials instanceof AwsSessionCredentials session) {
      ResolvedSecrets.note(session.sessionToken());
    }
    return credentials;
  }

  @Override
  public void close() {
    machine.close();
  }
}
