package com.matih.tenantmigration.embedded.child;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceBlockingStub;
import io.temporal.internal.testservice.GRPCServerHelper;
import io.temporal.internal.testservice.TestServicesStarter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Runs Temporal's in-memory server on loopback; the SDK's own main would listen on every interface.
 * Interceptors keep workflows alive that it would leave waiting for ever, where a real server does
 * not, and heartbeats out of the histories.
 */
public final class TemporalMain {

  private static final String NAMESPACE = "default";

  private TemporalMain() {}

  /**
   * Returns once the server answers; it goes on in threads of its own, in real time.
   *
   * @param args the port, the file to create when it answers, then the names of search attributes
   *     of type Keyword
   */
  @SuppressWarnings("resource") // the services and their channel live as long as this JVM
  public static void main(String[] args) throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    NettyServerBuilder server = NettyServerBuilder.forAddress(address);
    TestServicesStarter services = new TestServicesStarter(true, 0);
    GRPCServerHelper.registerServicesAndHealthChecks(services.getServices(), server);
    ManagedChannel self = NettyChannelBuilder.forAddress(address).usePlaintext().build();
    WorkflowServiceBlockingStub stub = WorkflowServiceGrpc.newBlockingStub(self);
    server
        .intercept(new LateCancelInterceptor(stub))
        .intercept(new StickyQueueInterceptor())
        .intercept(new HeartbeatInterceptor());
    server.build().start();
    register(self, Arrays.asList(args).subList(2, args.length));
    Files.createFile(Path.of(args[1]));
  }

  private static void register(ManagedChannel channel, Iterable<String> keywords) {
    AddSearchAttributesRequest.Builder request =
        AddSearchAttributesRequest.newBuilder().setNamespace(NAMESPACE);
    for (String keyword : keywords) {
      request.putSearchAttributes(keyword, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD);
    }
    var unused = OperatorServiceGrpc.newBlockingStub(channel).addSearchAttributes(request.build());
  }
}
