package io.dlion.cluster.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.SplittableRandom;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
  private static final byte[] MESSAGE = "hello, 4711".getBytes(UTF_8);

  private final Instant now = Instant.now();

  @TempDir private Path temporary;

  @Test
  void aFolderIsAllAWorkerNeeds() throws IOException {
    Credentials credentials = Credentials.load(Issuing.folder(temporary.resolve("ca"), "shop-7"));
    assertThat(credentials.name()).isEqualTo(new WorkerId("shop-7"));
    assertThat(credentials.warnings()).isEmpty();
    assertThat(credentials.verify(credentials.certificate(), MESSAGE, credentials.sign(MESSAGE)))
        .contains(new WorkerId("shop-7"));
  }

  @Test
  void onlyTheOwnersSignatureOfTheVeryMessageCounts() throws GeneralSecurityException, IOException {
    Issuing ours = new Issuing();
    Credentials a = ours.worker("a");
    Credentials b = ours.worker("b");
    assertThat(a.verify(b.certificate(), MESSAGE, b.sign(MESSAGE))).contains(new WorkerId("b"));
    assertThat(a.verify(b.certificate(), MESSAGE, a.sign(MESSAGE))).isEmpty();
    assertThat(a.verify(b.certificate(), MESSAGE, b.sign(new byte[3]))).isEmpty();
    assertThat(a.verify(b.certificate(), MESSAGE, new byte[0])).isEmpty();
    assertThat(a.verify(new byte[0], MESSAGE, b.sign(MESSAGE))).isEmpty();
    assertThat(a.verify(new byte[1 << 20], MESSAGE, b.sign(MESSAGE))).isEmpty();
    assertThat(a.verify(ours.authority.getEncoded(), MESSAGE, a.sign(MESSAGE))).isEmpty();
  }

  @Test
  void certificatesOfOthersOrOfAnotherTimeDoNotCount()
      throws GeneralSecurityException, IOException {
    Issuing ours = new Issuing();
    Credentials a = ours.worker("a");
    for (Credentials other :
        new Credentials[] {
          new Issuing().worker("b"), ours.worker("b", -50, -1), ours.worker("b", 1, 50)
        }) {
      assertThat(a.verify(other.certificate(), MESSAGE, other.sign(MESSAGE))).isEmpty();
    }
  }

  @Test
  void damagedCertificatesAndSignaturesAreRefusedAndNothingElse()
      throws GeneralSecurityException, IOException {
    Credentials a = new Issuing().worker("a");
    byte[] certificate = a.certificate();
    byte[] signature = a.sign(MESSAGE);
    // What the authority signed stands behind the header of the whole; what follows it (algorithm,
    // form of the signature) can be written in more than one way and says nothing of the worker.
    int signedEnd = 4 + Pem.certificate(certificate).getTBSCertificate().length;
    long seed = 7;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = certificate.clone();
      byte[] forged = signature.clone();
      boolean forges = random.nextBoolean();
      byte[] one = forges ? forged : damaged;
      int at = random.nextInt(one.length);
      one[at] ^= (byte) (1 << random.nextInt(8));
      if (forges || at < signedEnd) {
        assertThat(a.verify(damaged, MESSAGE, forged))
            .as("seed %d, round %d, byte %d", seed, i, at)
            .isEmpty();
      }
    }
  }

  @Test
  void aCertificateIsOfOneWorkerOrOfNobody()
      throws GeneralSecurityException, IOException, OperatorException {
    assertThat(Credentials.nameOf(certificate("w1", "dlion:worker:w1")))
        .isEqualTo(new WorkerId("w1"));
    assertNobody(certificate("w1", "dlion:worker:w2"));
    assertNobody(certificate("w1", "dlion:worker:w1", "dlion:worker:w2"));
    assertNobody(certificate("w1"));
    assertNobody(certificate("w1", "https://example.org/w1"));
    assertNobody(certificate("w%201", "dlion:worker:w%201"));
    assertNobody(certificate("w1,CN=w2", "dlion:worker:w2"));
  }

  private static void assertNobody(X509Certificate certificate) {
    assertThatThrownBy(() -> Credentials.nameOf(certificate))
        .isInstanceOf(CertificateException.class);
  }

  private X509Certificate certificate(String common, String... uris)
      throws GeneralSecurityException, IOException, OperatorException {
    KeyPair keys = new CertificateMaker().newKeys();
    X500Name name = new X500Name("CN=" + common);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.ONE,
            Date.from(now),
            Date.from(now.plusSeconds(1000)),
            name,
            keys.getPublic());
    if (uris.length > 0) {
      GeneralName[] names = new GeneralName[uris.length];
      for (int i = 0; i < uris.length; i++) {
        names[i] = new GeneralName(GeneralName.uniformResourceIdentifier, uris[i]);
      }
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder(Signing.ALGORITHM).build(keys.getPrivate())));
  }

  @Test
  void anAuthorityCanFollowAnother() throws IOException {
    Path old = Issuing.folder(temporary.resolve("old"), "a");
    Path fresh = Issuing.folder(temporary.resolve("new"), "b");
    String both =
        Files.readString(old.resolve("ca.pem")) + Files.readString(fresh.resolve("ca.pem"));
    Files.writeString(old.resolve("ca.pem"), both);
    Files.writeString(fresh.resolve("ca.pem"), both);
    Credentials a = Credentials.load(old);
    Credentials b = Credentials.load(fresh);
    assertThat(a.verify(b.certificate(), MESSAGE, b.sign(MESSAGE))).contains(new WorkerId("b"));
    assertThat(b.verify(a.certificate(), MESSAGE, a.sign(MESSAGE))).contains(new WorkerId("a"));
  }

  @Test
  void expiryIsWarnedOfThirtyDaysAheadAndThenRefused() throws IOException {
    Path folder = Issuing.folder(temporary.resolve("ca"), "w1"); // for 365 days
    assertThat(Credentials.load(folder, in(334)).warnings()).isEmpty();
    assertThat(Credentials.load(folder, in(336)).warnings())
        .singleElement()
        .asString()
        .contains("cert.pem: expires on ", "in 28 days; issue a new one");
    assertMistake(folder, in(366), "cert.pem: expired on ");
    assertMistake(folder, in(-1), "is this machine's clock right?");
  }

  /** An hour after that, so that it does not matter in which second the certificate was made. */
  private Instant in(int days) {
    return now.plus(Duration.ofDays(days)).plus(Duration.ofHours(1));
  }

  @Test
  void whatIsMissingOrDoesNotBelongTogetherIsNamed() throws IOException {
    Path folder = Issuing.folder(temporary.resolve("ca"), "w1");
    Path other = Issuing.folder(temporary.resolve("other"), "w1");
    copy(other, folder, "key.pem");
    assertMistake(folder, now, "key.pem: not the key of ");
    copy(other, folder, "cert.pem");
    assertMistake(folder, now, "cert.pem: not issued by an authority in ");
    copy(other, folder, "ca.pem");
    assertThat(Credentials.load(folder).name()).isEqualTo(new WorkerId("w1"));
    Files.copy(
        folder.resolve("key.pem"), folder.resolve("cert.pem"), StandardCopyOption.REPLACE_EXISTING);
    assertMistake(folder, now, "cert.pem: expected certificates, found a PRIVATE KEY");
    Files.delete(folder.resolve("cert.pem"));
    assertMistake(folder, now, "cert.pem: no such file; dlion certs issue makes");
    assertMistake(temporary.resolve("none"), now, "cert.pem: no such file");
  }

  private static void copy(Path from, Path to, String name) throws IOException {
    Files.copy(from.resolve(name), to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private static void assertMistake(Path folder, Instant now, String message) {
    assertThatThrownBy(() -> Credentials.load(folder, now))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  @Test
  void aKeyThatLiesOpenIsWarnedOf() throws IOException {
    Path folder = Issuing.folder(temporary.resolve("ca"), "w1");
    Files.setPosixFilePermissions(
        folder.resolve("key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(Credentials.load(folder).warnings())
        .singleElement()
        .asString()
        .contains("key.pem: others than its owner");
  }

  @Test
  void secretsDoNotShow() throws IOException {
    Path folder = Issuing.folder(temporary.resolve("ca"), "w1");
    assertThat(Credentials.load(folder)).hasToString("credentials of w1");
  }

  @Test
  void anOperatorsFolderIsForThoseWhoAskAndNotForAWorker() throws Exception {
    Instant now = Instant.now();
    CertificateAuthority authority =
        CertificateAuthority.create(temporary.resolve("operators"), Duration.ofDays(10), now);
    Path anna = authority.issueOperator(new WorkerId("anna"), Duration.ofDays(5), now).folder();
    assertThat(Credentials.ofCaller(anna).holder())
        .isEqualTo(new Caller(new WorkerId("anna"), true));
    assertThatThrownBy(() -> Credentials.load(anna))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("of operator anna")
        .hasMessageContaining("a worker needs a certificate of its own");
  }
}
