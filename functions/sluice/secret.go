package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"sluice/shared/app"
	"sluice/shared/client"
	"sluice/shared/config"
	"sluice/shared/dynamo"
	"sluice/shared/lead"
	"sluice/shared/vault"
	"sluice/shared/webhook"
)

// secretName is what a secret can be for: the vendor of a call list, or an enricher.
var secretName = regexp.MustCompile(`^(calls|enricher)/[A-Za-z0-9_.-]{1,64}$`)

// newSecretBytes are as many as the key of HMAC-SHA256 has.
const newSecretBytes = 32

// secretCommand keeps what the house shares with a system outside, sealed.
func secretCommand(ctx context.Context, args []string, out io.Writer) error {
	if len(args) < 2 || args[0] != "set" || !secretName.MatchString(args[1]) {
		return errors.New("secret: say set, and for which call list or enricher: sluice secret set calls/LIST [whsec_…], or enricher/ID")
	}
	var to policyTarget
	flags := flag.NewFlagSet("secret set", flag.ContinueOnError)
	flags.StringVar(&to.folder, "dir", ".sluice", "folder of the local run, used where SLUICE_TABLE is not set")
	rotate := flags.Bool("rotate", false, "keep the one before beside the new one, until the other side has changed over")
	given, err := parseAround(flags, args[2:])
	if err != nil {
		return err
	}
	name := args[1]
	secret, err := readSecret(given)
	if err != nil {
		return fmt.Errorf("secret set %s: %w", name, err)
	}
	table, err := to.table()
	if err != nil {
		return err
	}
	keys, err := to.vault(table)
	if err != nil {
		return err
	}
	secrets := []webhook.Secret{secret}
	if *rotate {
		before, err := app.ReadSecrets(ctx, table, keys, name)
		if err != nil && lead.KindOf(err) != lead.NotFound {
			return err
		}
		secrets = append(secrets, before[:min(1, len(before))]...)
	}
	if err := app.KeepSecrets(ctx, table, keys, name, secrets...); err != nil {
		return err
	}
	if given == "" {
		fmt.Fprintln(out, secret.Text())
	}
	fmt.Fprintf(os.Stderr, "%s is set; it is not shown again\n", name)
	return nil
}

// readSecret takes the secret as it is given, from the input where that is "-", and
// makes one where none is.
func readSecret(given string) (webhook.Secret, error) {
	switch given {
	case "":
		key := make([]byte, newSecretBytes)
		rand.Read(key) // never fails
		return webhook.NewSecret(key)
	case "-":
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		if err != nil && err != io.EOF {
			return webhook.Secret{}, err
		}
		given = strings.TrimSpace(line)
	}
	return webhook.ParseSecret(given)
}

// vault opens the vault of the table that is meant.
func (to policyTarget) vault(table *dynamo.Table) (*vault.Vault, error) {
	cfg, err := config.Load[config.Vault](os.Getenv)
	if err != nil {
		return nil, err
	}
	if cfg == (config.Vault{}) {
		// The local run's key must not get to wrap keys of a stack's table.
		env, err := os.ReadFile(filepath.Join(to.folder, "env"))
		if err != nil || !strings.Contains(string(env), "\nSLUICE_TABLE="+os.Getenv("SLUICE_TABLE")+"\n") {
			return nil, errors.New("set SLUICE_KMS_KEY to the stack's VaultKeyArn beside SLUICE_TABLE")
		}
		cfg.KeyFile = filepath.Join(to.folder, "vault.key")
	}
	wrapper, err := vault.NewWrapper(cfg, client.Config(awsAt(os.Getenv("AWS_ENDPOINT_URL"))))
	if err != nil {
		return nil, err
	}
	return vault.New(vault.Options{Keys: table, Wrapper: wrapper}), nil
}
