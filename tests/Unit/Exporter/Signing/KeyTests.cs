using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ResNetEdge.CommandLine;
using ResNetEdge.Device.Native;
using ResNetEdge.Exporter.Signing;
using ResNetEdge.Packages;

namespace ResNetEdge.Tests.Unit.Exporter.Signing;

/// <summary>Key files: written once, for the owner alone, and in the form that OpenSSL has.</summary>
public class KeyTests
{
    [Fact]
    [SupportedOSPlatform("linux")]
    public void A_private_key_is_its_owner_s_alone_and_neither_file_is_written_over()
    {
        using var sample = new SignedSample();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(sample.Key));
        string key = File.ReadAllText(sample.Key);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----\n", key, StringComparison.Ordinal);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----\n", File.ReadAllText(sample.Public), StringComparison.Ordinal);
        Assert.Contains("never overwritten", Refused(FailureKind.BadInput, () => sample.WriteKey("maker")), StringComparison.Ordinal);
        File.Delete(sample.Key);
        Assert.Contains("maker.pub: already exists", Refused(FailureKind.BadInput, () => sample.WriteKey("maker")), StringComparison.Ordinal);
        Assert.False(File.Exists(sample.Key));
    }

    [Fact]
    public void A_key_is_not_written_through_a_link_and_needs_a_folder_that_can_be_written()
    {
        using var sample = new SignedSample();
        string target = Path.Combine(sample.Folder, "elsewhere");
        File.CreateSymbolicLink(Path.Combine(sample.Folder, "linked.key"), target);
        Refused(FailureKind.BadInput, () => sample.WriteKey("linked"));
        Assert.False(File.Exists(target));
        Refused(FailureKind.Unavailable, () => sample.WriteKey("p/model.onnx/key"));
    }

    [Fact]
    public void What_is_no_public_key_is_refused_with_the_reason()
    {
        using var sample = new SignedSample();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        string valid = File.ReadAllText(sample.Public);
        (string Text, string Expected)[] cases =
        [
            ("", "contains no public key"),
            ("hello", "contains no public key"),
            (File.ReadAllText(sample.Key), "contains a private key"),
            (other.ExportSubjectPublicKeyInfoPem(), "is not an ECDSA P-256 public key"),
            (rsa.ExportSubjectPublicKeyInfoPem(), "is not an ECDSA P-256 public key"),
            (PemEncoding.WriteString("CERTIFICATE", [1, 2, 3]), "'CERTIFICATE'"),
            (PemEncoding.WriteString("PUBLIC KEY", [1, 2, 3]), "is not an ECDSA P-256 public key"),
            (string.Concat(Enumerable.Repeat(valid, TrustedKeys.MaxKeys + 1)), "more than 16 keys"),
            (new string('x', TrustedKeys.MaxBytes + 1), "more than the 65536 bytes"),
        ];
        string path = Path.Combine(sample.Folder, "k.pub");
        foreach (var (text, expected) in cases)
        {
            File.WriteAllText(path, text);
            Assert.Contains(expected, Refused(FailureKind.BadInput, () => TrustedKeys.Read(path)), StringComparison.Ordinal);
        }

        Refused(FailureKind.BadInput, () => TrustedKeys.Read(Path.Combine(sample.Folder, "nothing")));
        Refused(FailureKind.BadInput, () => TrustedKeys.Read(sample.Folder));
    }

    [Fact]
    public void What_is_no_private_key_is_refused_with_the_reason()
    {
        using var sample = new SignedSample();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        string path = Path.Combine(sample.Folder, "k.key");
        (string Text, string Expected)[] cases =
        [
            ("", "contains no private key"),
            (File.ReadAllText(sample.Public), "contains no private key"),
            (other.ExportPkcs8PrivateKeyPem(), "contains no ECDSA P-256 private key"),
            (other.ExportEncryptedPkcs8PrivateKeyPem("x", new(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1)), "is encrypted"),
            (PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3]), "contains no ECDSA P-256 private key"),
        ];
        foreach (var (text, expected) in cases)
        {
            File.WriteAllText(path, text);
            Assert.Contains(expected, Refused(FailureKind.BadInput, () => SigningKey.Read(path)), StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public void OpenSSL_checks_our_signature_and_we_check_its()
    {
        using var sample = new SignedSample();
        Skip.If(OpenSslProgram("version", sample.Folder) != 0, "the program openssl is not installed");
        byte[] signature = Convert.FromBase64String(JsonNode.Parse(File.ReadAllText(sample.SignatureFile))!["signature"]!.GetValue<string>());
        File.WriteAllBytes(Path.Combine(sample.Folder, "s.der"), signature);
        Assert.Equal(0, OpenSslProgram("dgst -sha256 -verify maker.pub -signature s.der p/manifest.json", sample.Folder));

        Assert.Equal(0, OpenSslProgram("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out theirs.key", sample.Folder));
        Assert.Equal(0, OpenSslProgram("pkey -in theirs.key -pubout -out theirs.pub", sample.Folder));
        using (var theirs = SigningKey.Read(Path.Combine(sample.Folder, "theirs.key"))) PackageSigner.Sign(sample.Package, theirs);
        using (var package = sample.Open(Path.Combine(sample.Folder, "theirs.pub"))) Assert.NotNull(package.SignedBy);

        Assert.Equal(0, OpenSslProgram("dgst -sha256 -sign theirs.key -out t.der p/manifest.json", sample.Folder));
        var json = JsonNode.Parse(File.ReadAllText(sample.SignatureFile))!;
        json["signature"] = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(sample.Folder, "t.der")));
        File.WriteAllText(sample.SignatureFile, json.ToJsonString());
        using (var package = sample.Open(Path.Combine(sample.Folder, "theirs.pub"))) Assert.NotNull(package.SignedBy);
    }

    [Fact]
    public void Where_OpenSSL_is_missing_the_package_to_install_is_named()
    {
        Assert.False(OpenSsl.IsThere(["0.0.nothing"]));
        var e = OpenSsl.Missing("Checking a signature");
        Assert.Equal(FailureKind.Unavailable, e.Kind);
        Assert.Contains(OpenSsl.PackageName, e.Message, StringComparison.Ordinal);
    }

    private static int OpenSslProgram(string arguments, string folder)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("openssl", arguments)
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    private static string Refused(FailureKind kind, Action action)
    {
        var e = Assert.Throws<EdgeException>(action);
        Assert.Equal(kind, e.Kind);
        return e.Message;
    }
}
