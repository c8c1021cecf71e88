package io.dlion.cluster.security;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes X.509 certificates as RFC 5280 wants them: keys on the curve P-256, signatures ECDSA with
 * SHA-256, and only the extensions that say what a certificate is for.
 */
final class CertificateMaker {
  /** Clocks of machines differ: a certificate is valid a little before it is made. */
  private static final Duration EARLIER = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127; // positive, and at most 20 bytes
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
              + "(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*");
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final SecureRandom random = new SecureRandom();

  KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  /** A certificate that signs itself and then others, under a name that no other one has. */
  X509Certificate authority(KeyPair keys, Instant now, Instant until)
      throws GeneralSecurityException, IOException {
    byte[] mark = new byte[4];
    random.nextBytes(mark);
    X500Name name = name("DLion CA " + HexFormat.of().formatHex(mark));
    X509v3CertificateBuilder builder = builder(name, name, keys.getPublic(), now, until);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    return sign(builder, keys.getPrivate());
  }

  /**
   * The certificate of a worker, for both ends of a connection, or of an operator, who only opens
   * them.
   */
  X509Certificate holder(
      Caller holder,
      List<String> hosts,
      PublicKey key,
      X509Certificate authority,
      PrivateKey authorityKey,
      Instant now,
      Instant until)
      throws GeneralSecurityException, IOException {
    WorkerId name = holder.name();
    X500Name issuer = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    X509v3CertificateBuilder builder = builder(issuer, name(name.name()), key, now, until);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            holder.mayOperate()
                ? new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}
                : new KeyPurposeId[] {
                  KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                }));
    List<GeneralName> names = new ArrayList<>();
    names.add(
        new GeneralName(
            GeneralName.uniformResourceIdentifier,
            holder.mayOperate() ? CertificateNames.operatorUri(name) : CertificateNames.uri(name)));
    hosts.forEach(host -> names.add(host(host)));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(names.toArray(new GeneralName[0])));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority.getPublicKey()));
    return sign(builder, authorityKey);
  }

  private static GeneralName host(String host) {
    if (ADDRESS.matcher(host).matches()) {
      try {
        return new GeneralName(GeneralName.iPAddress, InetAddress.ofLiteral(host).getHostAddress());
      } catch (IllegalArgumentException e) {
        throw new UserError("--host " + host + ": expected an IP address or a host name", e);
      }
    }
    if (!HOST_NAME.matcher(host).matches()) {
      throw new UserError(
          "--host "
              + host
              + ": expected an IP address, or a host name of letters, digits, dashes"
              + " and dots");
    }
    return new GeneralName(GeneralName.dNSName, host);
  }

  private static X500Name name(String common) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, common).build();
  }

  private X509v3CertificateBuilder builder(
      X500Name issuer, X500Name subject, PublicKey key, Instant now, Instant until)
      throws GeneralSecurityException, IOException {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(EARLIER)),
            Date.from(until),
            subject,
            key);
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key));
    return builder;
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(Signing.ALGORITHM).build(key)));
    } catch (OperatorException e) {
      throw new GeneralSecurityException(e);
    }
  }
}
