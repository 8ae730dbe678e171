//! Keys at API Gateway.

use aws_sdk_apigateway::operation::delete_api_key::DeleteApiKeyError;
use packshot_domain::{api_key::ApiKey, id::KeyId};

use super::KeyIssuer;
use crate::error::AwsError;

impl KeyIssuer {
    /// Makes a key known under a usage plan; the answer is API Gateway's id of it.
    pub(super) async fn register(
        &self,
        id: KeyId,
        key: &ApiKey,
        usage_plan_id: &str,
    ) -> Result<String, AwsError> {
        let action = || format!("registering {id} at API Gateway");
        let created = self
            .gateway
            .create_api_key()
            .name(id.to_string())
            .value(key.reveal())
            .enabled(true)
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        let gateway_key_id = created
            .id
            .ok_or_else(|| AwsError::new(action(), "API Gateway gave it no id"))?;
        self.gateway
            .create_usage_plan_key()
            .usage_plan_id(usage_plan_id)
            .key_id(&gateway_key_id)
            .key_type("API_KEY")
            .send()
            .await
            .map_err(|error| AwsError::new(action(), error))?;
        Ok(gateway_key_id)
    }

    /// Removes a key that API Gateway may have got, of which we know no more than the name that we gave it.
    pub(super) async fn unregister_by_name(&self, id: KeyId) -> Result<(), AwsError> {
        let name = id.to_string();
        let found = self
            .gateway
            .get_api_keys()
            .name_query(&name)
            .send()
            .await
            .map_err(|error| AwsError::new(format!("looking for {id} at API Gateway"), error))?;
        for key in found.items.unwrap_or_default() {
            if key.name.as_deref() == Some(&name)
                && let Some(gateway_key_id) = &key.id
            {
                self.unregister(gateway_key_id).await?;
            }
        }
        Ok(())
    }

    /// Removes a key by API Gateway's id of it; that it is not there is fine.
    pub(super) async fn unregister(&self, gateway_key_id: &str) -> Result<(), AwsError> {
        match self.gateway.delete_api_key().api_key(gateway_key_id).send().await {
            Ok(_) => Ok(()),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(DeleteApiKeyError::is_not_found_exception) =>
            {
                Ok(())
            }
            Err(error) => Err(AwsError::new("removing a key at API Gateway", error)),
        }
    }
}
